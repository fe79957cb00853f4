/** Formats, state machines and storage of the file method; nothing here is for users. */
@NullMarked
package dev.shadow.sync.internal.file;

import org.jspecify.annotations.NullMarked;
