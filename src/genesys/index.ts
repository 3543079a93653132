export { type Client, type ClientOptions, type ClientStats, createClient } from './client.ts';
