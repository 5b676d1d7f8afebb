package lock

import "encoding/json"

// MarshalJSON locks, and returns the data in JSON. The error is a *PoisonError
// if the Mutex is poisoned.
func (m *Mutex[T]) MarshalJSON() ([]byte, error) {
	g, err := m.LockResult()
	defer g.Unlock()
	if err != nil {
		return nil, err
	}
	return json.Marshal(g.Ptr())
}

// UnmarshalJSON locks, and reads JSON into the data, as json.Unmarshal does: what
// it does not mention stays, and after an error a part may have changed. If the
// Mutex is poisoned, it returns a *PoisonError and leaves the data alone.
func (m *Mutex[T]) UnmarshalJSON(text []byte) error {
	g, err := m.LockResult()
	defer g.Unlock()
	if err != nil {
		return err
	}
	return json.Unmarshal(text, g.Ptr())
}

// MarshalJSON reads, and returns the data in JSON. The error is a *PoisonError
// if the RWLock is poisoned.
func (l *RWLock[T]) MarshalJSON() ([]byte, error) {
	g, err := l.ReadResult()
	defer g.Unlock()
	if err != nil {
		return nil, err
	}
	return json.Marshal(g.Ptr())
}

// UnmarshalJSON writes, and reads JSON into the data, as json.Unmarshal does: what
// it does not mention stays, and after an error a part may have changed. If the
// RWLock is poisoned, it returns a *PoisonError and leaves the data alone.
func (l *RWLock[T]) UnmarshalJSON(text []byte) error {
	g, err := l.WriteResult()
	defer g.Unlock()
	if err != nil {
		return err
	}
	return json.Unmarshal(text, g.Ptr())
}

// MarshalJSON returns the data in JSON, and null if there is none. It does not wait.
func (l *OnceLock[T]) MarshalJSON() ([]byte, error) { return json.Marshal(l.Ptr()) }

// MarshalJSON returns the value in JSON; it computes it first if nobody has asked
// for it before. It panics as Get does.
func (l *LazyLock[T]) MarshalJSON() ([]byte, error) { return json.Marshal(l.Ptr()) }
