import { channelTypes, type ChannelType } from '../../notifications/port.js';
import { typeNames, typeUses } from './channel-words.js';
import { channelsPath, newChannelPath } from './list-page.js';

const order: ChannelType[] = ['slack', 'teams', 'pagerduty', 'webhook'];

/** Where its type is chosen: each has fields of its own. */
export const TypePage = () => (
  <>
    <NewHead title="Add a channel" />
    <ul class="types">
      {channelTypes
        .toSorted((a, b) => order.indexOf(a) - order.indexOf(b))
        .map((type) => (
          <li key={type} class="card">
            <h2>
              <a href={`${newChannelPath}?type=${type}`}>{typeNames[type]}</a>
            </h2>
            <p>{typeUses[type]}</p>
          </li>
        ))}
    </ul>
  </>
);

export const NewHead = ({ title }: { title: string }) => (
  <div class="head">
    <div>
      <p class="dim">
        <a href={channelsPath}>Approvals</a>
      </p>
      <h1>{title}</h1>
    </div>
  </div>
);
