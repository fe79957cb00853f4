/** The programs that the processes of a run are: an agent, a virtual machine, a manager. */
@NullMarked
package dev.shadow.examples.process.command;

import org.jspecify.annotations.NullMarked;
