/** What the commands of the program have in common. */
@NullMarked
package dev.shadow.examples.command;

import org.jspecify.annotations.NullMarked;
