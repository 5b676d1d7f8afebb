module example.test/network

go 1.26
