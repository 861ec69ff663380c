"""One walk in Firefox and in WebKitGTK; everything else is tested in Chromium."""
