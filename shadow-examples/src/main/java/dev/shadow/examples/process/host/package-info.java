/** A host of the example: an agent process with a directory, and virtual machines that are children of it. */
@NullMarked
package dev.shadow.examples.process.host;

import org.jspecify.annotations.NullMarked;
