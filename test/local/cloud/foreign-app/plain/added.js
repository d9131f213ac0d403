exports.added = { isPlain: true };
