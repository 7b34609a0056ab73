"""How clients reach the emulator: in-process for `requests`, on loopback over HTTP.

Faults on the way.
"""
