"""Satellite receivers beside the laptop: NMEA 0183 over a serial port, and gpsd.

`nmea` and `gpsd` read what they say, `reading` is what is made of it, `sources`
finds and opens them, and `watch` keeps the newest position while somebody asks.
"""
