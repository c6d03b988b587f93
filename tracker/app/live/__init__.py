"""The live view: what of a running session a page is sent, and the component in the browser that shows it.

`feed.py` sends changes as they happen, `message.py` and its neighbours put them into words, and the files of
`browser/` draw, sound and speak. The browser decides nothing: it shows what it is told.
"""
