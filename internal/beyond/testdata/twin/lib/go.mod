module github.com/fearless-go/fearless

go 1.26
