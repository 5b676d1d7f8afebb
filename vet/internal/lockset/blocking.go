package lockset

import (
	"strings"

	"github.com/fearless-go/fearless/vet/internal/api"
)

// blocking are calls that wait for something other than a lock, and what the
// user would call that.
var blocking = map[api.Func]string{
	{Pkg: "time", Name: "Sleep"}:                                     "a sleep",
	{Pkg: "sync", Recv: "WaitGroup", Name: "Wait"}:                   "WaitGroup.Wait",
	{Pkg: "golang.org/x/sync/errgroup", Recv: "Group", Name: "Wait"}: "errgroup's Wait",
	{Pkg: "net", Name: "Dial"}:                                       "net.Dial",
	{Pkg: "net", Name: "DialTimeout"}:                                "net.DialTimeout",
	{Pkg: "net", Recv: "Dialer", Name: "Dial"}:                       "net.Dialer.Dial",
	{Pkg: "net", Recv: "Dialer", Name: "DialContext"}:                "net.Dialer.DialContext",
	{Pkg: "net", Recv: "Listener", Name: "Accept"}:                   "Accept",
	{Pkg: "net/http", Name: "Get"}:                                   "http.Get",
	{Pkg: "net/http", Name: "Post"}:                                  "http.Post",
	{Pkg: "net/http", Name: "PostForm"}:                              "http.PostForm",
	{Pkg: "net/http", Name: "Head"}:                                  "http.Head",
	{Pkg: "net/http", Recv: "Client", Name: "Do"}:                    "an HTTP request",
	{Pkg: "net/http", Recv: "Client", Name: "Get"}:                   "an HTTP request",
	{Pkg: "net/http", Recv: "Client", Name: "Post"}:                  "an HTTP request",
	{Pkg: "os/exec", Recv: "Cmd", Name: "Run"}:                       "a command's Run",
	{Pkg: "os/exec", Recv: "Cmd", Name: "Wait"}:                      "a command's Wait",
	{Pkg: "os/exec", Recv: "Cmd", Name: "Output"}:                    "a command's Output",
	{Pkg: "os/exec", Recv: "Cmd", Name: "CombinedOutput"}:            "a command's CombinedOutput",
	{Pkg: "os", Name: "ReadFile"}:                                    "os.ReadFile",
	{Pkg: "os", Name: "WriteFile"}:                                   "os.WriteFile",
	{Pkg: api.Thread, Name: "Sleep"}:                                 "a sleep",
	{Pkg: api.Thread, Name: "Park"}:                                  "thread.Park",
	{Pkg: api.Thread, Name: "ParkTimeout"}:                           "thread.ParkTimeout",
	{Pkg: api.Thread, Name: "ParkContext"}:                           "thread.ParkContext",
	{Pkg: api.Thread, Name: "Scope"}:                                 "thread.Scope, which joins its threads,",
	{Pkg: api.Thread, Name: "ScopeContext"}:                          "thread.ScopeContext, which joins its threads,",
	{Pkg: api.Lock, Recv: "Barrier", Name: "Wait"}:                   "Barrier.Wait",
	{Pkg: api.Lock, Recv: "Once", Name: "Wait"}:                      "Once.Wait",
}

func blockingCall(f api.Func) string {
	if what := blocking[f]; what != "" {
		return what
	}
	if f.Pkg == api.Thread && strings.HasSuffix(f.Recv, "JoinHandle") && strings.HasPrefix(f.Name, "Join") {
		return f.Name
	}
	return ""
}
