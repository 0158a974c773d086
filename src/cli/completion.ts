import type { Command, Option } from 'commander';

export const shells = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof shells)[number];

/** A script that completes the commands, options and choices of a program in a shell. */
export function completionScript(program: Command, shell: Shell): string {
  if (shell === 'fish') return fishScript(program);
  return shell === 'zsh' ? zshScript(program) : bashScript(program);
}

const bashScript = (program: Command) => `# kt in bash. Load it with: eval "$(kt completion bash)"
${candidatesFunction(program)}
_kt() {
  COMPREPLY=($(compgen -W "$(_kt_candidates "\${COMP_WORDS[@]:1:COMP_CWORD-1}")" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _kt kt`;

const zshScript = (program: Command) => `# kt in zsh. Load it, after compinit, with: eval "$(kt completion zsh)"
${candidatesFunction(program)}
_kt() {
  local -a candidates
  candidates=($(_kt_candidates "\${(@)words[2,CURRENT-1]}"))
  if (( $#candidates )); then compadd -a candidates; else _files; fi
}
compdef _kt kt`;

/**
 * A shell function that prints the words which may follow the words given to it. It prints nothing after an option whose
 * value may be any text. Bash and zsh both understand it.
 */
function candidatesFunction(program: Command): string {
  const commands = commandsBelow(program);
  const allOptions = [program, ...commands].flatMap(({ options }) => options);
  const textOptions = new Set(allOptions.filter((option) => option.required && !option.argChoices).map(longName));
  const choiceCases = commands.flatMap((command) =>
    command.options.flatMap((option) =>
      option.argChoices
        ? [`"${commandPathOf(command)} ${longName(option)}") echo "${option.argChoices.join(' ')}"; return ;;`]
        : [],
    ),
  );
  const commandCases = [program, ...commands].map(
    (command) => `"${commandPathOf(command)}") echo "${nextCompletions(command).join(' ')}" ;;`,
  );
  return `_kt_candidates() {
  local command= previous= word
  for word; do
    previous=$word
    case "$command $word" in
      ${commands.map((command) => `"${commandPathOf(command)}"`).join('|')}) command="$command $word" ;;
    esac
  done
  case "$command $previous" in
    ${choiceCases.join('\n    ')}
  esac
  case "$previous" in
    ${[...textOptions].join('|')}) return ;;
  esac
  case "$command" in
    ${commandCases.join('\n    ')}
  esac
  echo "${program.options.map(longName).join(' ')}"
}`;
}

/** The subcommands of a command, the choices of its arguments, and its own options unless all commands have them. */
function nextCompletions(command: Command): string[] {
  const subcommands = command.createHelp().visibleCommands(command);
  const choices = command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices);
  const options = command.parent === null ? [] : command.options;
  return [...subcommands.map((each) => each.name()), ...choices, ...options.map(longName)];
}

/** Every command below this one, parents first. */
const commandsBelow = (command: Command): Command[] =>
  command.commands.flatMap((each) => [each, ...commandsBelow(each)]);

/** The words of a command after `kt`, each with a space before it. */
const commandPathOf = (command: Command): string =>
  command.parent === null ? '' : `${commandPathOf(command.parent)} ${command.name()}`;

const longName = (option: Option) => option.long ?? '';

function fishScript(program: Command): string {
  const lines = ['# kt in fish. Load it with: kt completion fish | source', 'complete -c kt -f'];
  const describe = (condition: string, text: string) =>
    `complete -c kt${condition === '' ? '' : ` -n '${condition}'`} -d ${quoted(text)}`;
  const addOptions = (condition: string, options: readonly Option[]) => {
    for (const option of options) {
      const choices = option.argChoices ? ` -a ${quoted(option.argChoices.join(' '))}` : '';
      const name = ` -l ${option.name()}${option.short === undefined ? '' : ` -s ${option.short.slice(1)}`}`;
      lines.push(describe(condition, option.description) + name + (option.required ? ` -x${choices}` : ''));
    }
  };
  /** @param inside the condition that the parents of these commands have been typed; empty for none */
  const addCommands = (inside: string, commands: readonly Command[]) => {
    const names = commands.map((command) => command.name()).join(' ');
    const condition =
      inside === '' ? '__fish_use_subcommand' : `${inside}; and not __fish_seen_subcommand_from ${names}`;
    for (const command of commands) {
      lines.push(`${describe(condition, command.summary())} -a ${command.name()}`);
      const isTyped = `__fish_seen_subcommand_from ${command.name()}`;
      const insideCommand = inside === '' ? isTyped : `${inside}; and ${isTyped}`;
      const choices = command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices);
      if (choices.length > 0) lines.push(`complete -c kt -n '${insideCommand}' -a ${quoted(choices.join(' '))}`);
      addOptions(insideCommand, command.options);
      addCommands(insideCommand, command.commands);
    }
  };
  addOptions('', program.options);
  addCommands('', program.commands);
  return lines.join('\n');
}

const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
