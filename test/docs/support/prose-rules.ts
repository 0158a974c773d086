import type { TextlintRuleModule } from '@textlint/types';

/** A wording that STYLE forbids, and what to write instead. */
interface PhraseRule {
  pattern: RegExp;
  instead: string;
}

const fillers: PhraseRule[] = [
  { pattern: /\b(?:please|kindly)\b/i, instead: 'say what to do' },
  { pattern: /\b(?:simply|easily|obviously|clearly|of course|trivial(?:ly)?)\b/i, instead: 'leave it out' },
  { pattern: /\b(?:note that|it should be noted|in order to|due to the fact)\b/i, instead: 'say it directly' },
  { pattern: /\b(?:utili[sz]e|leverage|facilitate)\b/i, instead: 'use' },
];

/** Sentences that begin without a subject, inversions and archaic connectives: each needs a second reading. */
const riddles: PhraseRule[] = [
  { pattern: /(?:^|[.:] )(?:Whoever|Whatever|Whichever|Those|Such)\b/, instead: 'name the subject' },
  {
    pattern: /(?:^|\. )What (?:may|won't|will|is|was|has|had|does|they|people)\b(?!.*\?)/,
    instead: 'name the subject',
  },
  { pattern: /, for (?:it|they|there|that|what|we|he|she|one)\b/, instead: '“because”, or a new sentence' },
  { pattern: /\b(?:but for|save for|nor is|nor are|is to be|are to be|is he|be it)\b/i, instead: 'plain word order' },
  { pattern: /\bwithout an end\b/i, instead: '“indefinitely”' },
  { pattern: /\b(?:of ours|of theirs|of yours|over there)\b/i, instead: 'name whose, or where' },
  { pattern: /\b(?:thereof|therein|whereby|hereby|wherein|lest|albeit|betimes)\b/i, instead: 'a plain word' },
];

/** Words of our own for things that have a standard name. */
const metaphors: PhraseRule[] = [
  { pattern: /\b(?:doorbell|rung|rings? the workflow)\b/i, instead: '“wake-up”, “wake”' },
  { pattern: /\b(?:reseal(?:ed|s)?|sealed)\b(?!`)/i, instead: '“re-encrypt”, “encrypted”' },
  { pattern: /\b(?:tended|tending|lanes?|holdings|outlook)\b/i, instead: 'the standard term' },
  { pattern: /\b(?:sick)\b/i, instead: '“unhealthy”' },
];

const withoutCode = (text: string) => text.replace(/`[^`]*`/g, (code) => '`'.padEnd(code.length, '·'));

/** Reports each wording in running text, not in code. */
const phraseRules =
  (list: readonly PhraseRule[]): TextlintRuleModule =>
  ({ Syntax, RuleError, report, getSource, locator }) => ({
    [Syntax.Paragraph](node) {
      const text = withoutCode(getSource(node));
      for (const { pattern, instead } of list) {
        const found = pattern.exec(text);
        if (!found) continue;
        const padding = locator.range([found.index, found.index + found[0].length]);
        report(node, new RuleError(`“${found[0].trim()}”: write ${instead}`, { padding }));
      }
    },
  });

const maxSentenceLength = 36;

/** A longer sentence needs a second reading. */
const sentenceLength: TextlintRuleModule = ({ Syntax, RuleError, report, getSource }) => ({
  [Syntax.Paragraph](node) {
    const text = getSource(node)
      .replace(/`[^`]*`/g, 'code')
      .replace(/\]\([^)]*\)/g, ']');
    for (const sentence of text.split(/(?<=[.?!:])\s+/)) {
      const words = sentence.split(/\s+/).filter((word) => /\w/.test(word)).length;
      if (words > maxSentenceLength)
        report(node, new RuleError(`${words} words in a sentence, at most ${maxSentenceLength}: ${sentence}`));
    }
  },
});

const maxLine = 120;

/** For editors and diffs. Prettier wraps the pages; it cannot break a link. */
const lineLength: TextlintRuleModule = ({ Syntax, RuleError, report, getSource }) => ({
  [Syntax.Paragraph](node) {
    for (const line of getSource(node).split('\n'))
      if (line.length > maxLine && !/\]\(|`[^`]{60}/.test(line))
        report(node, new RuleError(`${line.length} characters in a line, at most ${maxLine}`));
  },
});

export const proseRules: Readonly<Record<string, TextlintRuleModule>> = {
  'no-fillers': phraseRules(fillers),
  'no-riddles': phraseRules(riddles),
  'no-metaphors': phraseRules(metaphors),
  'sentence-length': sentenceLength,
  'line-length': lineLength,
};
