// Package router registers handlers, as those of other modules do.
package router

import "net/http"

type Router struct{ mux *http.ServeMux }

func New() *Router { return &Router{http.NewServeMux()} }

func (r *Router) Get(path string, h http.HandlerFunc) { r.mux.HandleFunc("GET "+path, h) }

func (r *Router) Mount(path string, h http.Handler) { r.mux.Handle(path, h) }
