/** What keys do, where a page has them. The script leaves out those that this page has not, and adds what is named nowhere here. */
const keys: { key: string; does: string }[] = [
  { key: '/', does: 'Search' },
  { key: 'c', does: 'Claim' },
  { key: 'r', does: 'Decide' },
  { key: 'n', does: 'Write a note' },
];

/** The keys of this page, behind `?`. */
export const KeysDialog = () => (
  <dialog id="keys" aria-labelledby="keys-title">
    <h2 id="keys-title">Keys of this page</h2>
    <dl>
      <dt data-if-rows>
        <kbd>j</kbd> <kbd>k</kbd>
      </dt>
      <dd data-if-rows>The next row, the one before</dd>
      <dt data-if-rows>
        <kbd>Enter</kbd>
      </dt>
      <dd data-if-rows>Open it</dd>
      {keys.map(({ key, does }) => (
        <>
          <dt data-if-key={key}>
            <kbd>{key}</kbd>
          </dt>
          <dd data-if-key={key}>{does}</dd>
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
