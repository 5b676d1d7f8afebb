module example.test/prove

go 1.26
