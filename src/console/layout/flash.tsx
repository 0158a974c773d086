import { CheckList } from '../parts/checks.js';
import { CopyButton } from '../parts/copy.js';
import type { Flash } from '../session/sessions.js';

export function FlashMessage({ flash: { notice, secret, checks } }: { flash: Flash }) {
  return (
    <div class="flash" role="status">
      {notice && <p>{notice}</p>}
      {checks && <CheckList checks={checks} />}
      {secret && (
        <div class="secret">
          <p>
            <strong>{secret.label}</strong> It is shown this once: copy it now.
          </p>
          <p class="copyable">
            <code data-secret>{secret.value}</code> <CopyButton text={secret.value} label={secret.label} />
          </p>
        </div>
      )}
    </div>
  );
}
