/** The fleet as the platform knows it: hosts, virtual machines, distances between them. */
@NullMarked
package dev.shadow.spi.inventory;

import org.jspecify.annotations.NullMarked;
