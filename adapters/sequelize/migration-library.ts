import { MigrationError, Umzug } from 'umzug';

/** What is loaded on demand, under names that a bundle keeps. */
export const library = { MigrationError, Umzug };
