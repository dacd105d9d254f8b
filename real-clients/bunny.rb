# bunny, RabbitMQ's Ruby client as Debian packages it, against a running broker; prints a line per check.
require "bunny"
require "timeout"

HOST, PORT = ENV.fetch("AMQP").split(":")
RUN = "bunny-#{Process.clock_gettime(Process::CLOCK_REALTIME, :nanosecond)}"
LIMIT_S = 30
CHECKS = {}

def check(name, &body)
  CHECKS[name] = body
end

def expect(expected, seen)
  raise "expected #{expected.inspect}, got #{seen.inspect}" unless expected == seen
end

%w[classic quorum].each do |type|
  check("confirmed-messages-come-back-from-a-#{type}-queue") do |connection|
    channel = connection.create_channel
    channel.confirm_select
    channel.prefetch(20)
    exchange = channel.topic("#{RUN}-#{type}", durable: true)
    queue = channel.queue("#{RUN}-#{type}", durable: true, arguments: { "x-queue-type" => type })
    queue.bind(exchange, routing_key: "a.#")
    sent = (0...200).map(&:to_s)
    sent.each { |body| exchange.publish(body, routing_key: "a.b", persistent: true, headers: { "n" => body }) }
    expect(true, channel.wait_for_confirms)
    received = Queue.new
    queue.subscribe(manual_ack: true) do |delivery, properties, body|
      channel.ack(delivery.delivery_tag)
      received << [body, properties.headers["n"]]
    end
    expect(sent.map { |body| [body, body] }, sent.map { received.pop })
    queue.delete
    exchange.delete
    channel.close
  end
end

check("missing-queue-closes-the-channel-alone") do |connection|
  channel = connection.create_channel
  begin
    channel.queue("#{RUN}-none", passive: true)
    raise "a queue that is not there"
  rescue Bunny::NotFound => e
    expect(404, e.channel_close.reply_code)
  end
  expect(true, connection.open?)
end

failures = 0
CHECKS.each do |name, body|
  connection = nil
  begin
    Timeout.timeout(LIMIT_S) do
      connection = Bunny.new(host: HOST, port: PORT.to_i, heartbeat: 10, log_file: $stderr, log_level: :warn).start
      body.call(connection)
      connection.close
    end
    puts "ok bunny/#{name}"
  rescue StandardError, Timeout::Error => e
    failures += 1
    warn e.full_message
    puts "FAIL bunny/#{name} #{e.class}: #{e.message.gsub(/\s+/, ' ')[0, 600]}"
  end
end
exit(failures.zero?)
