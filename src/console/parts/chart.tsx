/** What succeeded and failed in one hour. */
export interface ChartHour {
  at: Date;
  succeeded: number;
  failed: number;
}

interface ChartProps {
  hours: readonly ChartHour[];
  /** What is counted, and where: the name of the table behind it. */
  label: string;
  small?: boolean;
}

const step = 10;
const gap = 2;
const above = 44;
const below = 24;
/** The least that is seen. */
const least = 3;

/**
 * Successes as bars above the line, failures as spikes below it, an hour each; for screen readers a table of the hours that hold
 * something. One path a series: a list of charts stays small.
 */
export function HoursChart({ hours, label, small = false }: ChartProps) {
  const most = Math.max(1, ...hours.map(({ succeeded, failed }) => Math.max(succeeded, failed)));
  const heightOf = (count: number, room: number) =>
    count === 0 ? 0 : Math.max(least, Math.round((count / most) * room));
  const bar = ({ succeeded }: ChartHour, index: number) => {
    const height = heightOf(succeeded, above);
    return height === 0 ? '' : `M${index * step} ${above}v-${height}h${step - gap}v${height}z`;
  };
  const spike = ({ failed }: ChartHour, index: number) => {
    const height = heightOf(failed, below);
    const half = (step - gap) / 2;
    return height === 0 ? '' : `M${index * step} ${above + 1}h${step - gap}l-${half} ${height}z`;
  };
  const width = hours.length * step - gap;
  const told = hours.filter(({ succeeded, failed }) => succeeded + failed > 0);
  return (
    <>
      <svg
        class={small ? 'chart small' : 'chart'}
        viewBox={`0 0 ${width} ${above + below + 2}`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        <path class="axis" d={`M0 ${above + 0.5}h${width}`} />
        <path class="ok" d={hours.map(bar).join('')} />
        <path class="failed" d={hours.map(spike).join('')} />
      </svg>
      <div class="hidden">
        {told.length === 0 ? (
          `${label}: nothing.`
        ) : (
          <table>
            <caption>{`${label}, hours in UTC; in the others nothing`}</caption>
            <thead>
              <tr>
                <th scope="col">Hour</th>
                <th scope="col">Succeeded</th>
                <th scope="col">Failed</th>
              </tr>
            </thead>
            <tbody>
              {told.map(({ at, succeeded, failed }) => (
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
