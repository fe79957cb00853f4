/** Tests of the state machines, with simulated storage and links. */
package dev.shadow.sync.internal;
