/**
 * The promises of every service provider interface as tests: an implementer extends the class of his
 * interface, supplies his implementation, and runs it with JUnit.
 */
@NullMarked
package dev.shadow.tck.contract;

import org.jspecify.annotations.NullMarked;
