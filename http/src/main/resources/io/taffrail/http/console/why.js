import { ago, number, time } from './format.js';
import { badge, empty, html, table } from './ui.js';

const kinds = {
  no_consumer: ['no consumer', 'warn'], prefetch_full: ['prefetch full', 'warn'],
  slow_consumer: ['slow consumer', 'warn'], single_active: ['single active', 'info'],
  behind_others: ['behind others', 'info'], behind_priority: ['behind priority', 'info'],
  held: ['held', 'info'], delayed: ['delayed', 'info'], quarantined: ['out of use', 'bad'],
  requeue_under_way: ['requeue', 'info'], dead_letter_target: ['dead-letter target', 'warn'],
  reader_behind: ['behind', 'warn'], damaged: ['damaged', 'bad'],
  nothing_waits: ['nothing waits', 'good'], under_way: ['goes on', 'good'],
};

export const causes = (list) => html`<ul class="causes">${list.map((cause) => {
  const [text, kind] = kinds[cause.kind] ?? [cause.kind, ''];
  return html`<li>${badge(text, kind)} ${cause.text}</li>`;
})}</ul>`;

const blocks = {
  none: ['takes messages', 'good'], prefetch_full: ['prefetch full', 'warn'],
  not_reading: ['does not read', 'warn'], not_active: ['waits for its turn', 'info'],
  leaving: ['leaving', 'info'],
};

/** The answer for a queue, with the consumers that matter. */
export function why(standing) {
  return html`<section class="card" aria-live="polite"><h2>Why do messages wait?</h2>
    ${causes(standing.causes)}</section>
    <section class="card"><h2>Consumers</h2>
    ${standing.consumers.length === 0 ? empty('Nobody consumes.', 'Start a consumer, or move the messages to another queue.')
    : table('Consumers, the highest priority first', [
      { title: 'Consumer', cell: (it) => html`<span class="mono">${it.consumer_tag}</span>` },
      { title: 'Connection', cell: (it) => html`<a href="#/connections/${encodeURIComponent(it.connection)}">${it.connection}</a>` },
      { title: 'State', cell: (it) => badge(...(blocks[it.block] ?? [it.block])) },
      { title: 'Holds', kind: 'num', cell: (it) => `${number(it.held)} of ${it.prefetch || '∞'}` },
      { title: 'Oldest held', kind: 'num', cell: (it) => (it.oldest_held === null ? '–' : `offset ${it.oldest_held}`) },
      { title: 'Last delivery', kind: 'num', cell: (it) => html`<span title=${time(it.last_delivery)}>${it.last_delivery ? ago(it.last_delivery) : 'never'}</span>` },
    ], standing.consumers)}</section>`;
}
