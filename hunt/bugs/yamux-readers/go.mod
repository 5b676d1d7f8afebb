module example.com/yamux-readers

go 1.26

require github.com/hashicorp/yamux v0.1.2
