// Builds everything that runs (extension, model process, command line, webviews) into out/.
