// @ts-check
// Enhances the pages, which all work without it: current times, copy buttons, keyboard shortcuts, live counts.

const durationText = (/** @type {number} */ ms) => {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} d`;
};

const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' });

function updateTimes() {
  for (const time of document.querySelectorAll('time[datetime]')) {
    if (!(time instanceof HTMLTimeElement)) continue;
    const at = new Date(time.dateTime);
    const ms = at.getTime() - Date.now();
    time.title = exact.format(at);
    if (time.hasAttribute('data-relative'))
      time.textContent = ms > 0 ? `in ${durationText(ms)}` : `${durationText(-ms)} ago`;
    if (time.hasAttribute('data-countdown')) {
      time.textContent = ms < 0 ? `overdue ${durationText(-ms)}` : `${durationText(ms)} left`;
      time.classList.toggle('overdue', ms < 0);
    }
    if (time.hasAttribute('data-exact')) time.textContent = exact.format(at);
  }
}

/** Runs again after each swap of htmx. */
function enhance() {
  for (const button of document.querySelectorAll('button[data-copy], [data-script]')) button.removeAttribute('hidden');
  updateTimes();
}

document.addEventListener('click', async (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const copy = target?.closest('button[data-copy]');
  if (copy instanceof HTMLButtonElement) {
    await navigator.clipboard.writeText(copy.dataset.copy ?? '');
    const label = copy.textContent;
    copy.textContent = 'Copied';
    setTimeout(() => (copy.textContent = label), 1500);
    return;
  }
  if (target?.closest('button[data-opens="keys"]')) {
    showShortcuts();
    return;
  }
  const row = target?.closest('tr[data-href]');
  if (row instanceof HTMLElement && !target?.closest('a, button, input, label') && !getSelection()?.toString()) {
    location.assign(row.dataset.href ?? '');
  }
});

const rows = () => [...document.querySelectorAll('tr[data-href]')];
function moveRow(/** @type {number} */ by) {
  const all = rows();
  const current = all.indexOf(/** @type {Element} */ (document.activeElement?.closest('tr[data-href]')));
  const next = all[Math.min(Math.max(current + by, 0), all.length - 1)];
  const link = next?.querySelector('a');
  link?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

const elementOfKey = (/** @type {string} */ key) => document.querySelector(`[data-key="${CSS.escape(key)}"]`);

/** Opens the list of shortcuts, hides those that the page lacks, and adds the page's own. */
function showShortcuts() {
  const dialog = /** @type {HTMLDialogElement | null} */ (document.querySelector('#keys'));
  const list = dialog?.querySelector('dl');
  if (!dialog || !list || dialog.open) return;
  for (const keyed of document.querySelectorAll('[data-key]')) {
    const key = keyed.getAttribute('data-key') ?? '';
    if (list.querySelector(`[data-if-key="${CSS.escape(key)}"]`)) continue;
    const [term, description, kbd] = ['dt', 'dd', 'kbd'].map((tag) => document.createElement(tag));
    for (const element of [term, description]) element?.setAttribute('data-if-key', key);
    kbd?.append(key);
    term?.append(kbd ?? '');
    const label = keyed.getAttribute('aria-label') ?? keyed.closest('label')?.textContent ?? keyed.textContent;
    description?.append(label?.trim() ?? '');
    list.append(term ?? '', description ?? '');
  }
  for (const entry of list.querySelectorAll('[data-if-rows]')) entry.toggleAttribute('hidden', rows().length === 0);
  for (const entry of list.querySelectorAll('[data-if-key]')) {
    entry.toggleAttribute('hidden', !elementOfKey(entry.getAttribute('data-if-key') ?? ''));
  }
  dialog.showModal();
}

const isTyping = (/** @type {EventTarget | null} */ target) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  // While the list is open, the page's shortcuts are off.
  if (document.querySelector('#keys[open]')) return;
  const keyed = elementOfKey(event.key);
  if (event.key === 'j') moveRow(1);
  else if (event.key === 'k') moveRow(-1);
  else if (event.key === '?') showShortcuts();
  else if (keyed instanceof HTMLElement) {
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(keyed.tagName)) keyed.focus();
    else keyed.click();
  } else return;
  event.preventDefault();
});

/** Shows how many new entries a list has. The list itself stays still, so that it doesn't move while it is read. */
for (const list of document.querySelectorAll('[data-live]')) {
  if (!(list instanceof HTMLElement)) continue;
  const source = new EventSource(list.dataset.live ?? '');
  source.addEventListener('count', (event) => {
    const note = list.querySelector('[data-live-note]');
    if (!(note instanceof HTMLElement)) return;
    const count = Number(event.data);
    note.hidden = count === 0;
    note.textContent = `${count >= 100 ? '99+' : count} new`;
  });
  addEventListener('pagehide', () => source.close());
}

/** Ctrl+Enter submits. Text areas are read-only until the answer, which replaces them, so that no typing is lost. */
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || !(event.target instanceof Element)) return;
  if (event.target.matches('[data-sends]')) event.target.closest('form')?.requestSubmit();
});
const setSending = (/** @type {boolean} */ isSending) => (/** @type {Event} */ event) => {
  const form = event.target instanceof HTMLFormElement ? event.target : null;
  for (const area of form?.querySelectorAll('textarea') ?? []) area.readOnly = isSending;
};
document.addEventListener('htmx:beforeRequest', setSending(true));
document.addEventListener('htmx:afterRequest', setSending(false));

/** Lets people type times in their own zone instead of UTC. A hidden field holds the offset between the two, in minutes. */
for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('input[data-offset]'))) {
  const offsetField = /** @type {HTMLInputElement} */ (document.getElementById(input.dataset.offset ?? ''));
  const offset = () => (input.value ? new Date(input.value).getTimezoneOffset() : 0);
  const updateOffset = () => (offsetField.value = String(offset()));
  if (offsetField.value === '' && input.value) {
    const at = new Date(`${input.value}Z`);
    input.value = new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  }
  if (offsetField.value === '') updateOffset();
  input.addEventListener('input', updateOffset);
  const zone = document.querySelector(`[data-zone-of="${input.name}"]`);
  if (zone) zone.textContent = `In your time, ${Intl.DateTimeFormat().resolvedOptions().timeZone}.`;
}

document.addEventListener('htmx:afterSettle', enhance);
setInterval(updateTimes, 1000);
enhance();
