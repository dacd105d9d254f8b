// Sarama, as Debian packages it, against a running broker; prints a line per check.
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/Shopify/sarama"
)

const (
	records = 200
	limit   = 60 * time.Second
)

var (
	brokers = []string{os.Getenv("BOOTSTRAP")}
	run     = fmt.Sprintf("sarama-%d", time.Now().UnixNano())
)

func config(version sarama.KafkaVersion) *sarama.Config {
	config := sarama.NewConfig()
	config.Version = version
	config.Producer.Return.Successes = true
	config.Producer.RequiredAcks = sarama.WaitForAll
	config.Consumer.Offsets.Initial = sarama.OffsetOldest
	return config
}

func create(topic string, config *sarama.Config) error {
	admin, err := sarama.NewClusterAdmin(brokers, config)
	if err != nil {
		return err
	}
	defer admin.Close()
	retention := "1000000"
	return admin.CreateTopic(topic, &sarama.TopicDetail{NumPartitions: 2, ReplicationFactor: 1,
		ConfigEntries: map[string]*string{"retention.ms": &retention}}, false)
}

func produce(topic string, config *sarama.Config) error {
	producer, err := sarama.NewSyncProducer(brokers, config)
	if err != nil {
		return err
	}
	defer producer.Close()
	for i := 0; i < records; i++ {
		value := sarama.StringEncoder(strconv.Itoa(i))
		if _, _, err := producer.SendMessage(&sarama.ProducerMessage{Topic: topic, Key: value, Value: value}); err != nil {
			return err
		}
	}
	return nil
}

type member struct {
	next chan string
}

func (m *member) Setup(sarama.ConsumerGroupSession) error   { return nil }
func (m *member) Cleanup(sarama.ConsumerGroupSession) error { return nil }

func (m *member) ConsumeClaim(session sarama.ConsumerGroupSession, claim sarama.ConsumerGroupClaim) error {
	for message := range claim.Messages() {
		session.MarkMessage(message, "note")
		m.next <- string(message.Value)
	}
	return nil
}

func consume(topic string, config *sarama.Config) error {
	group, err := sarama.NewConsumerGroup(brokers, topic, config)
	if err != nil {
		return err
	}
	defer group.Close()
	ctx, stop := context.WithTimeout(context.Background(), limit)
	defer stop()
	m := &member{next: make(chan string, records)}
	failed := make(chan error, 1)
	go func() { failed <- group.Consume(ctx, []string{topic}, m) }()
	seen := map[string]bool{}
	for len(seen) < records {
		select {
		case value := <-m.next:
			seen[value] = true
		case err := <-failed:
			return fmt.Errorf("group ended after %d records: %v", len(seen), err)
		case <-ctx.Done():
			return fmt.Errorf("only %d records in time", len(seen))
		}
	}
	return nil
}

func offsets(topic string, config *sarama.Config) error {
	client, err := sarama.NewClient(brokers, config)
	if err != nil {
		return err
	}
	defer client.Close()
	total := int64(0)
	for partition := int32(0); partition < 2; partition++ {
		end, err := client.GetOffset(topic, partition, sarama.OffsetNewest)
		if err != nil {
			return err
		}
		total += end
	}
	if total != records {
		return fmt.Errorf("end offsets add up to %d", total)
	}
	return nil
}

func main() {
	status := 0
	for _, version := range []sarama.KafkaVersion{sarama.V1_0_0_0, sarama.V2_1_0_0} {
		topic := fmt.Sprintf("%s-%s", run, version)
		settings := config(version)
		for _, check := range []struct {
			name string
			body func(string, *sarama.Config) error
		}{{"creates", create}, {"produces", produce}, {"consumes-in-a-group", consume}, {"asks-for-offsets", offsets}} {
			if err := check.body(topic, settings); err != nil {
				status = 1
				fmt.Printf("FAIL sarama/%s-as-%s %v\n", check.name, version, err)
			} else {
				fmt.Printf("ok sarama/%s-as-%s\n", check.name, version)
			}
		}
	}
	os.Exit(status)
}
