<?php
// php-amqplib, as Debian packages it, against a running broker; prints a line per check.
require_once 'PhpAmqpLib/autoload.php';

use PhpAmqpLib\Connection\AMQPStreamConnection;
use PhpAmqpLib\Exception\AMQPProtocolChannelException;
use PhpAmqpLib\Message\AMQPMessage;
use PhpAmqpLib\Wire\AMQPTable;

[$host, $port] = explode(':', getenv('AMQP'));
$run = 'php-' . hrtime(true);
const LIMIT_S = 30;

function expect($expected, $seen): void
{
    if ($expected !== $seen) {
        throw new RuntimeException('expected ' . json_encode($expected) . ', got ' . json_encode($seen));
    }
}

function come_back(AMQPStreamConnection $connection, string $name, string $type): void
{
    $channel = $connection->channel();
    $channel->confirm_select();
    $channel->basic_qos(0, 20, false);
    $channel->exchange_declare($name, 'topic', false, true, false);
    $channel->queue_declare($name, false, true, false, false, false, new AMQPTable(['x-queue-type' => $type]));
    $channel->queue_bind($name, $name, 'a.#');
    $sent = array_map('strval', range(0, 199));
    foreach ($sent as $body) {
        $channel->basic_publish(new AMQPMessage($body, ['delivery_mode' => 2,
            'application_headers' => new AMQPTable(['n' => $body, 'deep' => ['x' => 1]])]), $name, 'a.b');
    }
    $channel->wait_for_pending_acks(LIMIT_S);
    $received = [];
    $channel->basic_consume($name, '', false, false, false, false, function (AMQPMessage $message) use (&$received) {
        expect($message->getBody(), $message->get('application_headers')->getNativeData()['n']);
        $received[] = $message->getBody();
        $message->ack();
    });
    while (count($received) < count($sent)) {
        $channel->wait(null, false, LIMIT_S);
    }
    expect($sent, $received);
    $channel->queue_delete($name);
    $channel->exchange_delete($name);
    $channel->close();
}

$checks = [
    'confirmed-messages-come-back-from-a-classic-queue' => fn ($c) => come_back($c, "$run-classic", 'classic'),
    'confirmed-messages-come-back-from-a-quorum-queue' => fn ($c) => come_back($c, "$run-quorum", 'quorum'),
    'missing-queue-closes-the-channel-alone' => function (AMQPStreamConnection $connection) use ($run) {
        try {
            $connection->channel()->queue_declare("$run-none", true);
            throw new RuntimeException('a queue that is not there');
        } catch (AMQPProtocolChannelException $e) {
            expect(404, $e->amqp_reply_code);
        }
        $connection->channel()->close();
    },
];

$failures = 0;
foreach ($checks as $name => $check) {
    try {
        $connection = new AMQPStreamConnection($host, (int) $port, 'guest', 'guest');
        $check($connection);
        $connection->close();
        echo "ok php-amqplib/$name\n";
    } catch (Throwable $e) {
        $failures++;
        fwrite(STDERR, $e . "\n");
        echo "FAIL php-amqplib/$name " . substr(preg_replace('/\s+/', ' ', get_class($e) . ': ' . $e->getMessage()), 0, 600) . "\n";
    }
}
exit($failures === 0 ? 0 : 1);
