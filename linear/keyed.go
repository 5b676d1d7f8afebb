package linear

import "fmt"

// A KeyOp is an operation of a [Map].
type KeyOp[K, V any] struct {
	Method string
	Key    K
	Value  V
	value  bool // it has one
}

// String is as in `Store(a, 1)`.
func (o KeyOp[K, V]) String() string {
	if o.value {
		return fmt.Sprintf("%s(%v, %v)", o.Method, o.Key, o.Value)
	}
	return fmt.Sprintf("%s(%v)", o.Method, o.Key)
}

// An Entry is what a [Map] has for a key: the state of its specification.
type Entry[V any] struct {
	Value V
	There bool
}

// Map is a map that is empty at first, with Store, Load, LoadOrStore and Delete.
// Each key is judged apart.
func Map[K comparable, V any]() Spec[Entry[V], KeyOp[K, V], Result[V]] {
	return Spec[Entry[V], KeyOp[K, V], Result[V]]{
		Name: "map",
		Init: func() Entry[V] { return Entry[V]{} },
		Part: func(op KeyOp[K, V]) any { return op.Key },
		Step: func(e Entry[V], op KeyOp[K, V]) []Outcome[Entry[V], Result[V]] {
			switch op.Method {
			case "Store":
				return one(Entry[V]{op.Value, true}, Did[V](true))
			case "Load":
				return one(e, Got(e.Value, e.There))
			case "LoadOrStore":
				if e.There {
					return one(e, Value(e.Value))
				}
				return one(Entry[V]{op.Value, true}, Value(op.Value))
			case "Delete":
				return one(Entry[V]{}, Did[V](e.There))
			}
			return unknown[Entry[V], Result[V]]("map", op)
		},
	}
}

// Store of a [Map] returns Did(true).
func Store[K, V any](k K, v V) KeyOp[K, V] { return KeyOp[K, V]{"Store", k, v, true} }

// Load of a [Map] returns what the map has, by Got.
func Load[K, V any](k K) KeyOp[K, V] { return KeyOp[K, V]{Method: "Load", Key: k} }

// LoadOrStore of a [Map] returns the Value that the map has then.
func LoadOrStore[K, V any](k K, v V) KeyOp[K, V] { return KeyOp[K, V]{"LoadOrStore", k, v, true} }

// Delete of a [Map] returns whether the key was there, by Did.
func Delete[K, V any](k K) KeyOp[K, V] { return KeyOp[K, V]{Method: "Delete", Key: k} }
