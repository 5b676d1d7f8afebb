package tour

import (
	"errors"
	"fmt"
	"net"
	"syscall"
)

// An AddressError says why the tour cannot be served at an address.
type AddressError struct {
	Address string
	Why     string
	Err     error // of the system, or nil
}

func (e *AddressError) Error() string { return e.Address + ": " + e.Why }
func (e *AddressError) Unwrap() error { return e.Err }

// Listen opens a port of this machine, which no other machine can reach. The
// address is ":PORT", "localhost:PORT" or "127.0.0.1:PORT"; port 0 is any that is
// free. The error is an [*AddressError].
func Listen(address string) (net.Listener, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, &AddressError{address, "write :PORT, such as :8080, or :0 for any port that is free", err}
	}
	switch host {
	case "", "localhost", "127.0.0.1":
	default:
		return nil, &AddressError{address, fmt.Sprintf("the tour runs the programs that it is sent, so it listens on 127.0.0.1 only; use :%s", port), nil}
	}
	l, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", port))
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, &AddressError{address, "this port is in use; take another, or :0 for any that is free", err}
	case errors.Is(err, syscall.EACCES):
		return nil, &AddressError{address, "this port is not for everyone; take one above 1023, or :0 for any that is free", err}
	case err != nil:
		return nil, &AddressError{address, err.Error(), err}
	}
	return l, nil
}
