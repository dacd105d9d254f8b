import { get, path, remove } from './api.js';
import { bytes, number, rate, time } from './format.js';
import { act, confirm, empty, facts, html, nothing, table, badge } from './ui.js';
import { nameFilter } from './queues.js';

async function close(context, it) {
  if (await confirm('Close the connection?', html`<p>The client <span class="mono">${it.name}</span>${it.user ? ` of ${it.user}` : ''} is disconnected;
    its unacknowledged messages return to their queues. Most clients connect again.</p>`, 'Close the connection')
    && await act('The connection is being closed.', () => remove(`/api/connections/${path(it.name)}`))) {
    if (context.isOne) {
      context.go('#/connections');
    }
    context.refresh();
  }
}

export const connections = {
  title: () => 'Connections',
  every: 3000,
  load: async (context) => {
    const name = (context.query.get('name') ?? '').toLowerCase();
    const all = await get('/api/connections');
    return { all, list: all.filter((it) => `${it.name} ${it.user ?? ''} ${it.client_id ?? ''}`.toLowerCase().includes(name)).slice(0, 500) };
  },
  render: (context, { all, list }) => html`<div class="head"><h1>Connections</h1><span class="muted">${number(all.length)}</span></div>
    <div class="filters" role="search">${nameFilter(context, 'Address or user contains')}</div>
    <div class="card">${list.length === 0 ? empty(all.length ? 'No such connection.' : 'No client is connected.', 'Clients of Kafka and of RabbitMQ appear here.')
    : table('Connections', [
      { title: 'Client', cell: (it) => html`<a href="#/connections/${path(it.name)}">${it.name}</a>` },
      { title: 'Protocol', cell: (it) => badge(it.protocol, 'info') },
      { title: 'User', cell: (it) => it.user ?? '–' },
      { title: 'Host', cell: (it) => it.vhost ?? '–' },
      { title: 'Channels', kind: 'num', cell: (it) => (it.channels === undefined ? '–' : number(it.channels)) },
      { title: 'In', kind: 'num', cell: (it) => (it.recv_oct_details ? `${bytes(it.recv_oct_details.rate)}/s` : '–') },
      { title: 'Out', kind: 'num', cell: (it) => (it.send_oct_details ? `${bytes(it.send_oct_details.rate)}/s` : '–') },
      { title: 'Connected', cell: (it) => (it.connected_at ? time(it.connected_at) : '–') },
      { title: '', kind: 'actions', cell: (it) => html`<button type="button" class="danger" aria-label="Close ${it.name}" @click=${() => close(context, it)}>Close</button>` },
    ], list, { hideCaption: true })}</div>`,
};

const plain = (value) => (typeof value === 'object' && value !== null ? html`<pre>${JSON.stringify(value, null, 2)}</pre>` : String(value));

export const connection = {
  title: (params) => params[0],
  every: 3000,
  load: (_context, name) => get(`/api/connections/${path(name)}`),
  render: (context, it) => html`<div class="head"><nav class="crumbs" aria-label="Breadcrumb"><a href="#/connections">Connections</a></nav>
    <h1>${it.name}</h1>${badge(it.protocol, 'info')}<span class="space"></span>
    <button type="button" class="danger" @click=${() => close(context, it)}>Close</button></div>
    <section class="card"><h2>Properties</h2>${facts(Object.entries(it).filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => [name.replaceAll('_', ' '), name.endsWith('_at') && typeof value === 'number' ? time(value) : plain(value)]))}</section>`,
};

const consumerColumns = [
  { title: 'Tag', cell: (it) => html`<span class="mono">${it.consumer_tag}</span>` },
  { title: 'Queue', cell: (it) => html`<a href="#/queues/${path(it.queue?.vhost ?? '/', it.queue?.name ?? '')}">${it.queue?.name}</a>` },
  { title: 'Connection', cell: (it) => html`<a href="#/connections/${path(it.channel_details?.connection_name ?? '')}">${it.channel_details?.connection_name}</a>` },
  { title: 'Prefetch', kind: 'num', cell: (it) => (it.prefetch_count ? number(it.prefetch_count) : 'none') },
  { title: 'Acknowledges', cell: (it) => (it.ack_required ? 'yes' : 'no') },
  { title: 'Active', cell: (it) => (it.active === false ? badge('waits', 'info') : badge('active', 'good')) },
];

export const consumers = {
  title: () => 'Consumers',
  every: 3000,
  load: () => get('/api/consumers'),
  render: (_context, list) => html`<div class="head"><h1>Consumers</h1><span class="muted">${number(list.length)}</span></div>
    <div class="card">${list.length === 0 ? empty('Nobody consumes over AMQP.') : table('Consumers', consumerColumns, list.slice(0, 500), { hideCaption: true })}</div>`,
};

export const channels = {
  title: () => 'Channels',
  every: 3000,
  load: () => get('/api/channels'),
  render: (_context, list) => html`<div class="head"><h1>Channels</h1><span class="muted">${number(list.length)}</span></div>
    <div class="card">${list.length === 0 ? empty('No AMQP client has a channel open.') : table('Channels', [
    { title: 'Channel', cell: (it) => it.name },
    { title: 'User', cell: (it) => it.user },
    { title: 'Host', cell: (it) => it.vhost },
    { title: 'Mode', cell: (it) => html`${it.transactional ? badge('transactions') : nothing}${it.confirm ? badge('confirms') : nothing}` },
    { title: 'Consumers', kind: 'num', cell: (it) => number(it.consumer_count) },
    { title: 'Unacked', kind: 'num', cell: (it) => number(it.messages_unacknowledged) },
    { title: 'Unconfirmed', kind: 'num', cell: (it) => number(it.messages_unconfirmed) },
    { title: 'Prefetch', kind: 'num', cell: (it) => number(it.prefetch_count) },
    { title: 'Publishes', kind: 'num', cell: (it) => rate(it.message_stats?.publish_details?.rate) },
  ], list.slice(0, 500), { hideCaption: true })}</div>`,
};
