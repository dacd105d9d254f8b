// Messages of a queue, a stream or a partition, looked at without taking them.

import { get } from './api.js';
import { ago, bytes, number, pretty, time } from './format.js';
import { badge, empty, facts, failure, field, html, nothing, values } from './ui.js';
import { causes } from './why.js';

/** The page that is shown, by the address of its log. */
const shown = { address: null, query: null, page: null, problem: null, busy: false, open: new Map() };

const states = {
  ready: ['ready', 'info'], requeued: ['requeued', 'warn'], held: ['unacknowledged', 'warn'],
  settled: ['settled', 'good'], dead_letter_waits: ['waits for dead-letter target', 'bad'],
  damaged: ['damaged', 'bad'], kept: ['kept', ''],
};

async function fetchPage(context, address, query) {
  Object.assign(shown, { busy: true, address, query });
  let page = null;
  let problem = null;
  try {
    page = await get(`${address}?${query}`);
  } catch (refusal) {
    problem = refusal;
  }
  if (shown.address !== address || shown.query !== query) {
    return;
  }
  Object.assign(shown, { page, problem, busy: false });
  shown.open = new Map();
  context.draw();
}

/** The request for a page, from the query of the address: a view can be linked to. */
function queryOf(view) {
  const it = Object.fromEntries(view);
  const query = new URLSearchParams();
  if (it.start === 'last') {
    query.set('last', it.limit || 50);
  } else if (it.start === 'offset') {
    query.set('from', it.offset || 0);
  } else if (it.start === 'time' && it.time) {
    query.set('time', new Date(it.time).getTime());
  }
  ['key', 'text'].forEach((name) => it[name] && query.set(name, it[name]));
  query.set('limit', it.limit || 50);
  return query.toString();
}

export function browse(context, address, place) {
  const query = queryOf(context.query);
  const isShown = shown.address === address && shown.query === query;
  if (!isShown) {
    fetchPage(context, address, query);
  }
  const page = shown.busy ? null : shown.page;
  const value = (name, otherwise = '') => context.query.get(name) ?? otherwise;
  return html`<section class="card" aria-label="Browse">
    <form class="fields" @submit=${(event) => {
    event.preventDefault();
    shown.address = null;
    context.setQuery(values(event.target), false);
  }}>
      ${field('browse', 'start', 'Begin with', { choices: [['first', 'the oldest'], ['last', 'the newest'], ['offset', 'an offset'], ['time', 'a time']], value: value('start', 'first') })}
      ${field('browse', 'offset', 'Offset', { type: 'number', min: 0, value: value('offset') })}
      ${field('browse', 'time', 'Time', { type: 'datetime-local', value: value('time') })}
      ${field('browse', 'key', 'Key', { value: value('key') })}
      ${field('browse', 'text', 'Contains', { value: value('text'), hint: 'In body, key, headers; case counts' })}
      ${field('browse', 'limit', 'Messages', { type: 'number', min: 1, value: value('limit', 50) })}
      <div class="row"><button class="primary" ?disabled=${shown.busy}>Browse</button></div>
    </form>
    <p class="muted small">Looking takes nothing: the messages stay where they are.</p>
    </section>
    <section aria-label="Messages" aria-busy=${shown.busy} aria-live="polite">
    ${shown.problem ? failure(shown.problem) : nothing}
    ${page ? pageOf(context, address, place, page) : html`<p class="muted">Loading…</p>`}
    </section>`;
}

function pageOf(context, address, place, page) {
  const next = () => context.setQuery({ start: 'offset', offset: page.next }, false);
  return html`
    <p class="muted small">Offsets ${number(page.start)} to ${number(Math.max(page.start, page.end - 1))} are stored;
      ${number(page.scanned_messages)} looked at, ${number(page.messages.length)} shown.
      ${page.gaps.length ? html`<strong class="error">Damaged: ${page.gaps.join(', ')}</strong>` : nothing}</p>
    ${page.messages.length === 0 ? html`<div class="card">${empty('No message here.', page.complete
    ? 'Nothing matches, or nothing was published.' : 'Nothing matched so far; go on to look further.')}</div>` : nothing}
    ${page.messages.map((message) => messageOf(context, address, place, message))}
    ${page.complete ? nothing : html`<div class="row"><button type="button" @click=${next}>
      ${page.messages.length ? 'Next page' : 'Look further'}</button></div>`}`;
}

export function messageOf(context, address, place, message) {
  const [text, kind] = states[message.state] ?? [message.state, ''];
  const key = message.routing_key;
  return html`<details class="message" @toggle=${(event) => opened(event, context, address, place, message)}>
    <summary><span class="mono">${number(message.offset)}</span>
      <span class="muted" title=${ago(message.timestamp)}>${time(message.timestamp)}</span>
      ${message.state && message.state !== 'kept' ? badge(text, kind) : nothing}
      ${key ? html`<span class="mono" title="Key">${key}</span>` : nothing}
      <span class="text">${message.payload_encoding === 'string' ? message.payload.slice(0, 200) : `${bytes(message.payload_bytes)} of binary data`}</span>
    </summary>
    <div class="body">${bodyOf(message, shown.open.get(message.offset))}</div></details>`;
}

async function opened(event, context, address, place, message) {
  if (!event.target.open || !place.queue || shown.open.has(message.offset)) {
    return;
  }
  shown.open.set(message.offset, { busy: true });
  try {
    shown.open.set(message.offset, await get(`${address}/${message.offset}/why`));
  } catch (problem) {
    shown.open.set(message.offset, { problem });
  }
  context.draw();
}

/** The life of a message as far as it is known from the message and its queue. */
function life(message, standing) {
  const events = [];
  const headers = message.properties?.headers ?? {};
  const deaths = Array.isArray(headers['x-death']) ? headers['x-death'] : [];
  const from = message.exchange ? `exchange ${message.exchange}` : 'the default exchange';
  [...deaths].reverse().forEach((death) => events.push(html`Dead-lettered from
    <strong>${death.queue}</strong>: ${death.reason}${death.count > 1 ? `, ${death.count} times` : ''}
    ${death.time ? html`<span class="muted">first ${time(death.time * 1000)}</span>` : nothing}
    <span class="muted">(published to ${death.exchange || 'the default exchange'} with ${(death['routing-keys'] ?? []).join(', ')})</span>`));
  if (headers['x-taffrail-redriven']) {
    events.push(html`Redriven ${headers['x-taffrail-redriven']} time${headers['x-taffrail-redriven'] > 1 ? 's' : ''}`);
  }
  events.push(html`Stored here <span class="muted">${time(message.timestamp)}</span>, published to ${from}
    with key <span class="mono">${message.routing_key || '(none)'}</span>${message.properties?.user_id ? ` by ${message.properties.user_id}` : ''}`);
  const returns = standing?.requeues || headers['x-delivery-count'];
  if (returns) {
    events.push(html`Delivered and returned ${returns} time${returns > 1 ? 's' : ''}`);
  } else if (message.state === 'requeued') {
    events.push('Delivered and returned to the queue');
  }
  if (standing?.holder) {
    events.push(html`Delivered to consumer <span class="mono">${standing.holder.consumer_tag}</span>
      at <a href="#/connections/${encodeURIComponent(standing.holder.connection)}">${standing.holder.connection}</a>, not yet settled`);
  } else if (message.state === 'held') {
    events.push('Delivered, not yet settled');
  }
  if (message.state === 'settled') {
    events.push('Settled: acknowledged, expired, purged or dead-lettered');
  }
  return html`<ol class="life">${events.map((event) => html`<li>${event}</li>`)}</ol>`;
}

function bodyOf(message, standing) {
  const { headers = {}, ...properties } = message.properties ?? {};
  const text = message.payload_encoding === 'string' ? pretty(message.payload) : message.payload;
  return html`
    <div><h3>Payload <span class="muted small">${bytes(message.payload_bytes)}${message.payload_encoding === 'base64' ? ', base64' : ''}${message.truncated ? ', cut' : ''}</span></h3>
      ${message.payload_bytes === 0 ? html`<span class="muted">empty</span>` : html`<pre tabindex="0" aria-label="Payload">${text}</pre>`}</div>
    <div class="cols">
      <div><h3>Properties</h3>${Object.keys(properties).length ? facts(Object.entries(properties).map(([name, value]) => [name, String(value)])) : html`<span class="muted">none</span>`}</div>
      <div><h3>Headers</h3>${Object.keys(headers).length ? facts(Object.entries(headers).map(([name, value]) => [html`<span class="mono">${name}</span>`,
    typeof value === 'object' && value !== null ? html`<pre>${JSON.stringify(value, null, 2)}</pre>` : String(value)])) : html`<span class="muted">none</span>`}</div>
    </div>
    <div><h3>Life</h3>${life(message, standing?.state ? standing : null)}</div>
    ${standing?.causes && message.state !== 'settled' ? html`<div><h3>Why does it wait?</h3>${causes(standing.causes)}</div>` : nothing}
    ${standing?.problem ? failure(standing.problem) : nothing}`;
}
