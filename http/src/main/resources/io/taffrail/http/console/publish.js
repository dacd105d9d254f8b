import { path, post } from './api.js';
import { announce, check, field, html, values } from './ui.js';

let problem = '';

/** A form that publishes to an exchange; the default exchange takes the name of a queue as key. */
export function publishForm(context, host, exchange, key = '') {
  const name = exchange === '' ? 'amq.default' : exchange;
  return html`<section class="card"><h2>Publish a message</h2>
    <form class="fields" @submit=${async (event) => {
    event.preventDefault();
    const form = event.target;
    const it = values(form);
    try {
      const properties = JSON.parse(it.properties || '{}');
      properties.delivery_mode = it.persistent ? 2 : 1;
      const headers = JSON.parse(it.headers || '{}');
      if (Object.keys(headers).length) {
        properties.headers = headers;
      }
      const result = await post(`/api/exchanges/${path(host, name)}/publish`, {
        routing_key: it.key, payload: it.payload, payload_encoding: it.base64 ? 'base64' : 'string', properties });
      problem = '';
      announce(result.routed ? 'Published and stored.' : 'Published, but no queue took it.', !result.routed);
    } catch (refusal) {
      problem = refusal instanceof SyntaxError ? `Headers and properties must be JSON objects: ${refusal.message}` : refusal.message;
    }
    context.refresh();
  }}>
    ${field('publish', 'key', 'Routing key', { value: key })}
    ${field('publish', 'headers', 'Headers', { lines: 2, value: '{}', wide: true, hint: 'A JSON object' })}
    ${field('publish', 'properties', 'Properties', { lines: 2, value: '{}', wide: true, hint: 'A JSON object, such as {"content_type": "application/json", "priority": 5}' })}
    ${field('publish', 'payload', 'Payload', { lines: 7, wide: true })}
    ${check('publish', 'persistent', 'Persistent', true)}
    ${check('publish', 'base64', 'Payload is base64')}
    <p class="error wide" role="alert">${problem}</p>
    <div class="row end wide"><button class="primary">Publish</button></div>
    </form></section>`;
}
