"""`python -m lambdatop` is the `lambdatop` command."""

from lambdatop.cli.main import main

if __name__ == "__main__":
    main()
