module example.com/pond-leaks

go 1.26

require github.com/alitto/pond v1.9.2
