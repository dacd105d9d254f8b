// The graph of bindings: exchanges to the left, queues to the right, in layers.

import { svg } from './vendor/lit-html.js';
import { empty, html, nothing } from './ui.js';

const BOX = { width: 190, height: 30, gapX: 170, gapY: 14 };
const MOST_EDGES = 400;

function nodesOf(bindings) {
  const nodes = new Map();
  const node = (host, kind, name) => {
    const id = `${host}\n${kind}\n${name}`;
    if (!nodes.has(id)) {
      nodes.set(id, { id, host, kind, name, layer: 0, to: [] });
    }
    return nodes.get(id);
  };
  bindings.forEach((it) => {
    const source = node(it.vhost, 'exchange', it.source);
    const target = node(it.vhost, it.destination_type, it.destination);
    source.to.push(target);
  });
  return nodes;
}

/** Puts every node behind its sources; a cycle of exchanges ends after as many rounds. */
function layers(nodes) {
  const list = [...nodes.values()];
  for (let round = 0; round < Math.min(list.length, 12); round += 1) {
    let moved = false;
    list.forEach((node) => node.to.forEach((target) => {
      if (target !== node && target.layer <= node.layer && node.layer < 6) {
        target.layer = node.layer + 1;
        moved = true;
      }
    }));
    if (!moved) {
      break;
    }
  }
  const last = Math.max(1, ...list.map((node) => node.layer));
  list.filter((node) => node.kind === 'queue').forEach((node) => {
    node.layer = last;
  });
  return last;
}

function place(nodes, last) {
  const columns = Array.from({ length: last + 1 }, () => []);
  [...nodes.values()].forEach((node) => columns[node.layer].push(node));
  let rows = 1;
  columns.forEach((column, index) => {
    const order = new Map();
    if (index > 0) {
      column.forEach((node) => {
        const sources = columns.slice(0, index).flat().filter((it) => it.to.includes(node));
        order.set(node, sources.length ? sources.reduce((sum, it) => sum + it.row, 0) / sources.length : 0);
      });
      column.sort((one, other) => order.get(one) - order.get(other) || one.name.localeCompare(other.name));
    } else {
      column.sort((one, other) => one.name.localeCompare(other.name));
    }
    column.forEach((node, row) => {
      node.row = row;
      node.x = 4 + index * (BOX.width + BOX.gapX);
      node.y = 6 + row * (BOX.height + BOX.gapY);
    });
    rows = Math.max(rows, column.length);
  });
  return rows;
}

const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

function keysOf(bindings) {
  const edges = new Map();
  bindings.forEach((it) => {
    const id = JSON.stringify([it.vhost, it.source, it.destination_type, it.destination]);
    const edge = edges.get(id) ?? { it, keys: [] };
    const args = Object.keys(it.arguments ?? {}).length ? JSON.stringify(it.arguments) : '';
    edge.keys.push([it.routing_key, args].filter(Boolean).join(' ') || '∗');
    edges.set(id, edge);
  });
  return [...edges.values()];
}

export function graph(all) {
  const bindings = all.slice(0, MOST_EDGES);
  if (bindings.length === 0) {
    return empty('No bindings.', 'Bind a queue to an exchange, and it appears here.');
  }
  const nodes = nodesOf(bindings);
  const last = layers(nodes);
  const rows = place(nodes, last);
  const width = (last + 1) * BOX.width + last * BOX.gapX + 8;
  const height = rows * (BOX.height + BOX.gapY) + 8;
  const at = (host, kind, name) => nodes.get(`${host}\n${kind}\n${name}`);
  return html`${all.length > MOST_EDGES ? html`<div class="note warn">Only ${MOST_EDGES} of ${all.length} bindings are drawn; filter by name.</div>` : nothing}
    <div class="graph scroll" tabindex="0" role="group" aria-label="Graph of ${bindings.length} bindings">
    <svg width=${width} height=${height} viewBox="0 0 ${width} ${height}" role="img" aria-label="Exchanges and what is bound to them">
      <defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse">
        <path d="M0 0L8 4L0 8z" fill="currentColor"></path></marker></defs>
      ${keysOf(bindings).map(({ it, keys }) => {
    const from = at(it.vhost, 'exchange', it.source);
    const to = at(it.vhost, it.destination_type, it.destination);
    const [x1, y1, x2, y2] = [from.x + BOX.width, from.y + BOX.height / 2, to.x, to.y + BOX.height / 2];
    const bend = Math.max(40, Math.abs(x2 - x1) / 2);
    return svg`<g><path class="edge" marker-end="url(#arrow)" d="M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}"></path>
      <text class="key" x=${x2 - 8} y=${y2 - 5} text-anchor="end">${cut(keys.join(', '), 24)}<title>${keys.join('\n')}</title></text></g>`;
  })}
      ${[...nodes.values()].map((node) => svg`<a class=${node.kind} href="#/${node.kind === 'queue' ? 'queues' : 'exchanges'}/${encodeURIComponent(node.host)}/${encodeURIComponent(node.name)}">
        <title>${node.kind} ${node.name}</title>
        <rect x=${node.x} y=${node.y} width=${BOX.width} height=${BOX.height} rx=${node.kind === 'exchange' ? 15 : 4}></rect>
        <text x=${node.x + 12} y=${node.y + 19}>${cut(node.name, 25)}</text></a>`)}
    </svg></div>
    <p class="muted small">Round: exchange. Square: queue. The text at an arrow is the routing key.</p>`;
}
