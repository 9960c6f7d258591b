"""The database in the browser: Datasette with a plugin, templates and styles of our own.

Place in the flow: beside `cli`, above `ask`. Everything is served from this machine to this machine.

    site        what is served: the file, whether reviewers may write, cached counts
    plugin      the door to Datasette: routes, filters of templates, headers
    views       one function per page
    paper       one paper: text with its mentions, regimens, results, comparisons
    segments    a text cut into pieces by what stands over it
    map         the evidence map as a drawing
    pages       pictures of PDF pages
    writing     sign in with a token, review
    guard       which requests are answered, and the headers of every answer
"""
