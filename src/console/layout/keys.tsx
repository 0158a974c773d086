/** Shortcuts that several pages have. The script hides those that the page lacks, and adds the page's own. */
const shortcuts: { key: string; effect: string }[] = [
  { key: '/', effect: 'Search' },
  { key: 'c', effect: 'Claim' },
  { key: 'r', effect: 'Decide' },
  { key: 'n', effect: 'Write a note' },
];

/** Lists the page's keyboard shortcuts; opened by `?`. */
export const KeysDialog = () => (
  <dialog id="keys" aria-labelledby="keys-title">
    <h2 id="keys-title">Keys of this page</h2>
    <dl>
      <dt data-if-rows>
        <kbd>j</kbd> <kbd>k</kbd>
      </dt>
      <dd data-if-rows>Next row, previous row</dd>
      <dt data-if-rows>
        <kbd>Enter</kbd>
      </dt>
      <dd data-if-rows>Open the row</dd>
      {shortcuts.map(({ key, effect }) => (
        <>
          <dt data-if-key={key}>
            <kbd>{key}</kbd>
          </dt>
          <dd data-if-key={key}>{effect}</dd>
        </>
      ))}
      <dt>
        <kbd>?</kbd>
      </dt>
      <dd>This list</dd>
    </dl>
    <form method="dialog">
      <button>Close</button> <span class="dim">or Escape</span>
    </form>
  </dialog>
);
