"""`python -m dark` is the command `dark`."""  # beyond

from dark_samples.command_line import main

if __name__ == "__main__":
    main()
