import { get, path, remove } from './api.js';
import { bytes, number, span, time } from './format.js';
import { act, confirm, empty, html, nothing, table } from './ui.js';
import { hostFilter } from './queues.js';

async function load(context) {
  const hosts = (await get('/api/vhosts')).map((it) => it.name);
  const wanted = context.query.get('vhost');
  const pages = await Promise.all(hosts.filter((host) => !wanted || host === wanted).map(async (host) => {
    const page = await get(`/api/taffrail/delayed/${path(host)}?limit=200&from=${context.query.get('from') ?? 0}`);
    return page.messages.length || page.count ? { host, ...page } : null;
  }));
  return { hosts, pages: pages.filter(Boolean) };
}

async function cancel(context, host, it) {
  if (await confirm('Cancel the delayed message?', html`<p>The message of ${bytes(it.bytes)} for
    <span class="mono">${it.exchange || 'the default exchange'} · ${it.routing_key}</span>, due ${time(it.due)}, will be dropped.</p>`, 'Cancel the message')) {
    await act('The message was cancelled.', () => remove(`/api/taffrail/delayed/${path(host, it.number)}`));
    context.refresh();
  }
}

export const delayed = {
  title: () => 'Delayed messages',
  every: 3000,
  load,
  render(context, { hosts, pages }) {
    return html`<div class="head"><h1>Delayed messages</h1></div>
      <div class="filters">${hostFilter(context, hosts)}</div>
      ${pages.length === 0 ? html`<div class="card">${empty('No message is delayed.', 'An exchange of type x-delayed-message keeps messages until their x-delay is over.')}</div>` : nothing}
      ${pages.map((page) => html`<section class="card"><h2>Virtual host ${page.host} <span class="muted">${number(page.count)}</span></h2>
        ${table(`Delayed messages of ${page.host}`, [
    { title: 'Number', cell: (it) => number(it.number) },
    { title: 'Due', value: (it) => it.due, cell: (it) => html`${time(it.due)} <span class="muted">in ${span(it.due - Date.now())}</span>` },
    { title: 'Exchange', cell: (it) => it.exchange || '(default)' },
    { title: 'Routing key', cell: (it) => html`<span class="mono">${it.routing_key}</span>` },
    { title: 'Size', kind: 'num', cell: (it) => bytes(it.bytes) },
    { title: '', kind: 'actions', cell: (it) => html`<button type="button" class="danger" aria-label="Cancel message ${it.number}" @click=${() => cancel(context, page.host, it)}>Cancel</button>` },
  ], page.messages, { hideCaption: true })}
        ${page.complete ? nothing : html`<button type="button" @click=${() => context.setQuery({ from: page.next })}>More</button>`}</section>`)}`;
  },
};
