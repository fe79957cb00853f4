/** Calls between the processes of the example: one line of JSON a message, over a socket or a pipe. */
@NullMarked
package dev.shadow.examples.process.rpc;

import org.jspecify.annotations.NullMarked;
