package producer

import (
	"testing"
	"time"

	"github.com/IBM/sarama"
	"github.com/IBM/sarama/mocks"
)

type silent struct{}

func (silent) Errorf(string, ...any) {}

// A message that is sent outside of a transaction is refused, and the loop goes
// on with txnLock held (mocks/async_producer.go:68): from then on every call
// that asks for the transaction waits for ever.
//
// Mend: unlock before `continue`.
//
// run: go test -count=1
// shows: BeginTxn waits for a lock that nobody gives back
func TestAMessageOutsideOfATransaction(t *testing.T) {
	config := sarama.NewConfig()
	config.Version = sarama.V2_0_0_0
	config.Producer.Transaction.ID = "t"
	config.Producer.Idempotent = true
	config.Net.MaxOpenRequests = 1
	config.Producer.RequiredAcks = sarama.WaitForAll
	p := mocks.NewAsyncProducer(silent{}, config)
	p.Input() <- &sarama.ProducerMessage{Topic: "t"}
	<-p.Errors()
	done := make(chan error, 1)
	go func() { done <- p.BeginTxn() }()
	select {
	case err := <-done:
		t.Log(err)
	case <-time.After(5 * time.Second):
		t.Fatal("BeginTxn waits for a lock that nobody gives back")
	}
}
