package cluster

import (
	"net/url"
	"os"
	"strings"

	"github.com/nats-io/nats.go"
)

// An Address is where a team's cluster is.
type Address struct {
	URL   string // of one server or, separated by commas, of several: nats://ci:4222, tls://ci:4222
	Token string // "" if the URL has one, or none is needed
	NKey  string // a file with the seed of an nkey; "" for none
	Creds string // a file with the credentials of a NATS user; "" for none
	CA    string // a file with the certificate that signed the server's; "" for the system's
	Team  string // a namespace: teams do not see each other's runs; "" is "default"
	// Replicas is how many servers of a NATS cluster keep each stream; 0 is 1.
	// It matters only for who makes the streams.
	Replicas int
}

// TeamName is Team, or what stands for it.
func (a Address) TeamName() string {
	if a.Team == "" {
		return "default"
	}
	return a.Team
}

// Place is the URL without what is secret in it.
func (a Address) Place() string {
	var list []string
	for text := range strings.SplitSeq(a.URL, ",") {
		u, err := url.Parse(strings.TrimSpace(text))
		if err != nil || u.Host == "" {
			if i := strings.LastIndexByte(text, '@'); i >= 0 {
				text = text[i+1:]
			}
			list = append(list, strings.TrimSpace(text))
			continue
		}
		u.User = nil
		list = append(list, u.String())
	}
	return strings.Join(list, ",")
}

// options are for the connection.
func (a Address) options() ([]nats.Option, error) {
	if err := checkTeam(a.TeamName()); err != nil {
		return nil, err
	}
	if a.URL == "" {
		return nil, &Error{Kind: BadAddress, What: "no URL", Next: "give one, such as nats://ci:4222"}
	}
	opts := []nats.Option{nats.MaxReconnects(-1), nats.ReconnectWait(reconnectWait), nats.RetryOnFailedConnect(false)}
	if a.Token != "" {
		opts = append(opts, nats.Token(a.Token))
	}
	if a.NKey != "" {
		opt, err := nats.NkeyOptionFromSeed(a.NKey)
		if err != nil {
			return nil, &Error{Kind: BadAddress, What: a.NKey, Next: "use a file with the seed of an nkey, as nk -gen user makes one", Err: err}
		}
		opts = append(opts, opt)
	}
	for _, file := range []string{a.Creds, a.CA} {
		if file == "" {
			continue
		}
		if _, err := os.Stat(file); err != nil {
			return nil, &Error{Kind: BadAddress, What: file, Next: "name a file that can be read", Err: err}
		}
	}
	if a.Creds != "" {
		opts = append(opts, nats.UserCredentials(a.Creds))
	}
	if a.CA != "" {
		opts = append(opts, nats.RootCAs(a.CA))
	}
	return opts, nil
}
