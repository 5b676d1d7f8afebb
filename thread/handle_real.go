//go:build !fearless_model

package thread

func newHandle(f func()) *JoinHandle[Void] { return &JoinHandle[Void]{plain: f} }
