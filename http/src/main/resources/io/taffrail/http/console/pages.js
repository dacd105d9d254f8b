// All pages by the first part of the fragment.

import { empty, html } from './ui.js';
import { overview } from './overview.js';
import { queue, queues } from './queues.js';

export const pages = {
  overview,
  queues: { of: (params) => (params.length >= 2 ? queue : queues), title: () => 'Queues' },
  unknown: {
    title: () => 'No such page',
    load: async () => ({}),
    render: () => html`<div class="head"><h1>No such page</h1></div>
      <div class="card">${empty('There is no page at this address.',
    html`<a href="#/overview">Go to the overview</a>`)}</div>`,
  },
};
