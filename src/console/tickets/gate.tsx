import type { Outlook } from '../../tickets/outlook.js';

/** What keeps the tracker from being asked, and where to mend it. @param isRefusal somebody has just tried */
export const Gate = ({ gate, isRefusal }: { gate: NonNullable<Outlook['gate']>; isRefusal: boolean }) => (
  <div class="errors" {...(isRefusal && { role: 'alert' })}>
    <p>{gate.detail}</p>
    {gate.missing.length > 0 ? (
      <p>
        Set{' '}
        {gate.missing.map((key, index) => (
          <>
            {index > 0 && ', '}
            <code key={key}>{key}</code>
          </>
        ))}{' '}
        for API and worker (see <a href="/setup">Setup</a>), or make a tracker the org’s own in{' '}
        <a href="/settings/connections">Connections</a>.
      </p>
    ) : (
      <p>
        See <a href="/settings/connections">Connections</a>.
      </p>
    )}
  </div>
);
