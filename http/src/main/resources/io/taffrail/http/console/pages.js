// All pages by the first part of the fragment.

import { policies, settings, users, vhosts } from './admin.js';
import { channels, connection, connections, consumers } from './connections.js';
import { delayed } from './delayed.js';
import { exchange, exchanges } from './exchanges.js';
import { job, jobs } from './jobs.js';
import { letterQueues, letters } from './letters.js';
import { overview } from './overview.js';
import { queue, queues } from './queues.js';
import { group, groups, topic, topics } from './topics.js';
import { empty, html } from './ui.js';

/** A list, and one object if the address names it by so many parts. */
const listOrOne = (list, one, parts) => ({ of: (params) => (params.length >= parts ? one : list), tag: list.tag });

export const pages = {
  overview,
  queues: listOrOne(queues, queue, 2),
  exchanges: listOrOne(exchanges, exchange, 2),
  topics: listOrOne(topics, topic, 1),
  groups: listOrOne(groups, group, 1),
  delayed,
  jobs: listOrOne(jobs, job, 1),
  'dead-letters': listOrOne(letterQueues, letters, 2),
  connections: listOrOne(connections, connection, 1),
  channels,
  consumers,
  users,
  vhosts,
  policies,
  settings,
  unknown: {
    title: () => 'No such page',
    load: async () => ({}),
    render: () => html`<div class="head"><h1>No such page</h1></div>
      <div class="card">${empty('There is no page at this address.',
    html`<a href="#/overview">Go to the overview</a>`)}</div>`,
  },
};
