/** Works with the script; without it the text beside it is selectable, and the button hidden. */
export const CopyButton = ({ text, label }: { text: string; label: string }) => (
  <button type="button" class="quiet copy" data-copy={text} aria-label={`Copy: ${label}`} hidden>
    Copy
  </button>
);

/** An id that can be copied with one click. */
export const CopyableId = ({ id, label = 'id' }: { id: string; label?: string }) => (
  <span class="copyable">
    <code>{id}</code> <CopyButton text={id} label={label} />
  </span>
);
