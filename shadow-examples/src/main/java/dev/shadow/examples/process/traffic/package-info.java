/** A TCP forwarder that sends the clients of a virtual machine to the instance that serves. */
@NullMarked
package dev.shadow.examples.process.traffic;

import org.jspecify.annotations.NullMarked;
