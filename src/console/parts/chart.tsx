/** Attempts of one hour. */
export interface ChartHour {
  at: Date;
  succeeded: number;
  failed: number;
}

interface ChartProps {
  hours: readonly ChartHour[];
  /** What is counted, and where; it names the table for screen readers. */
  label: string;
  small?: boolean;
}

const hourWidth = 10;
const gap = 2;
const maxBarHeight = 44;
const maxSpikeHeight = 24;
/** Of a count above zero, so that it stays visible. */
const minHeight = 3;

/**
 * One hour each: successes as bars above the line, failures as spikes below it. Screen readers get a table of the hours with
 * attempts. Each series is a single path, which keeps a list of charts small.
 */
export function HoursChart({ hours, label, small = false }: ChartProps) {
  const maxCount = Math.max(1, ...hours.map(({ succeeded, failed }) => Math.max(succeeded, failed)));
  const heightOf = (count: number, maxHeight: number) =>
    count === 0 ? 0 : Math.max(minHeight, Math.round((count / maxCount) * maxHeight));
  const bar = ({ succeeded }: ChartHour, index: number) => {
    const height = heightOf(succeeded, maxBarHeight);
    return height === 0 ? '' : `M${index * hourWidth} ${maxBarHeight}v-${height}h${hourWidth - gap}v${height}z`;
  };
  const spike = ({ failed }: ChartHour, index: number) => {
    const height = heightOf(failed, maxSpikeHeight);
    const half = (hourWidth - gap) / 2;
    return height === 0 ? '' : `M${index * hourWidth} ${maxBarHeight + 1}h${hourWidth - gap}l-${half} ${height}z`;
  };
  const width = hours.length * hourWidth - gap;
  const hoursWithAttempts = hours.filter(({ succeeded, failed }) => succeeded + failed > 0);
  return (
    <>
      <svg
        class={small ? 'chart small' : 'chart'}
        viewBox={`0 0 ${width} ${maxBarHeight + maxSpikeHeight + 2}`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        <path class="axis" d={`M0 ${maxBarHeight + 0.5}h${width}`} />
        <path class="ok" d={hours.map(bar).join('')} />
        <path class="failed" d={hours.map(spike).join('')} />
      </svg>
      <div class="hidden">
        {hoursWithAttempts.length === 0 ? (
          `${label}: none.`
        ) : (
          <table>
            <caption>{`${label}, hours in UTC; the other hours have none`}</caption>
            <thead>
              <tr>
                <th scope="col">Hour</th>
                <th scope="col">Succeeded</th>
                <th scope="col">Failed</th>
              </tr>
            </thead>
            <tbody>
              {hoursWithAttempts.map(({ at, succeeded, failed }) => (
                <tr key={at.getTime()}>
                  <th scope="row">{at.toISOString().slice(11, 16)}</th>
                  <td>{succeeded}</td>
                  <td>{failed}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </>
  );
}
