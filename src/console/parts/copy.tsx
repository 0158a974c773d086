/** Hidden without a script; the text beside it can be selected all the same. */
export const CopyButton = ({ text, label }: { text: string; label: string }) => (
  <button type="button" class="quiet copy" data-copy={text} aria-label={`Copy: ${label}`} hidden>
    Copy
  </button>
);

export const CopyableId = ({ id, label = 'id' }: { id: string; label?: string }) => (
  <span class="copyable">
    <code>{id}</code> <CopyButton text={id} label={label} />
  </span>
);
