"""Speech and meaning on this machine, behind OpenAI's API, so that the same plugins serve both.

Here belong models that run without keys, one module each (`hearing`, `speaking`, `meaning`), the
pure functions they stand on, and the HTTP shape (`app`). A further model is a class that loads in
its constructor and works in threads, an entry in `loading.load_models`, and a route.
"""
